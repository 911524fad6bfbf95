// Package ui holds the pages.
package ui

import "embed"

//go:embed build/*
var Pages embed.FS
