mod forms;
mod histories;
mod visits;
