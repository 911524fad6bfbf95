module example.com/octo/ferry

go 1.25

require github.com/ory/dockertest/v3 v3.11.0
