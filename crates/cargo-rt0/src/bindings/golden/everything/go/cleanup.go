//go:build cgo && go1.24

// Handles that were forgotten. Written by cargo rt0 bindings.

package xample

import "runtime"

func whenCollected[T any](object *T, h *held) { runtime.AddCleanup(object, (*held).collected, h) }
