module example.com/octo/buoy

go 1.25
