mod cooperation;
mod forms;
mod histories;
mod journey;
mod visits;
