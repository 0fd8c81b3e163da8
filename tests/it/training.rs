//! Training: needs, courses, runs.

mod certificates;
mod clock;
mod feedback;
mod lecturers;
mod needs;
mod rooms;
mod runs;
