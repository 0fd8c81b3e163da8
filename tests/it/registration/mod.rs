//! Seats, the queue, offers and attendance.

mod queue;
