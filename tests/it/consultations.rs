//! Requests for expert help, from the first draft to the thanks at the end.

mod changes;
mod filing;
mod work;
