module example.com/octo/charts

go 1.25

require github.com/google/docsy v0.11.0
