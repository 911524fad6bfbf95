module example.com/octo/logbook

go 1.25
