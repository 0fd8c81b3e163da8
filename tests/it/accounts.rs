//! Signing in, links that set passwords, experts' sessions, roles.

mod addresses;
mod links;
mod roles;
mod sessions;
mod sites;
