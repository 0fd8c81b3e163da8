//! Training: needs, courses, runs.

mod clock;
mod needs;
mod rooms;
mod runs;
