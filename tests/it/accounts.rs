//! Signing in, links that set passwords, experts' sessions, roles.

mod links;
mod roles;
mod sessions;
mod sites;
