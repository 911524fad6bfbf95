module example.com/octo/winch/tools

go 1.25

require golang.org/x/tools v0.30.0
