//! Training: needs, courses, runs.

mod clock;
mod lecturers;
mod needs;
mod rooms;
mod runs;
