mod cooperation;
mod forms;
mod histories;
mod visits;
