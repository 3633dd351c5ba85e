//go:build cgo && !go1.24

// Handles that were forgotten, before Go had runtime.AddCleanup. Written by cargo rt0 bindings.

package xample

import "runtime"

func whenCollected[T any](object *T, h *held) {
	runtime.SetFinalizer(object, func(*T) { h.collected() })
}
