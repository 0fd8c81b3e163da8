//! Seats, the queue, offers and attendance.

mod attendance;
mod bench;
mod calendar;
mod links;
mod merge;
mod pages;
mod queue;
mod races;
mod reminders;
