//go:build tools

// Package tools lists what is installed with go install.
package tools

import _ "golang.org/x/tools/cmd/stringer"
