//! Practice projects and their `.drone.yml`, laid down without overwriting anything.
