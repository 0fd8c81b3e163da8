//! Working days, office hours and calendar parts of mails.

mod day_list;
mod fold;
mod invite;
mod kept;
mod notice;
mod office_hours;
mod reminders;
mod vtimezone;
mod wall_time;
mod working_days;

pub use day_list::{RowFault, RowFaultKind, check, read_day_list};
pub use invite::{CalendarPart, Event, Party, Status, When, feed, invite};
pub use kept::{import_days, kept, last_import};
pub use notice::read_notice;
pub use office_hours::{HoursError, OfficeClock, OfficeHours};
pub use reminders::{REMINDERS_AHEAD, reminder, reminder_day, reminder_number};
pub use wall_time::local_to_utc;
pub use working_days::{DayKind, Reckoned, SpecialDay, WorkingCalendar};
