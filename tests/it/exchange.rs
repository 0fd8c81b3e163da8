mod cooperation;
mod forms;
mod forums;
mod histories;
mod journey;
mod visits;
