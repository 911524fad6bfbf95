module example.com/octo/press

go 1.25
