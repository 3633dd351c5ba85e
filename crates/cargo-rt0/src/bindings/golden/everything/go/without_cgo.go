//go:build !cgo

// What the compiler says where it has no cgo. Written by cargo rt0 bindings.

package xample

// Go turns cgo off where it finds no C compiler, and when it compiles for another system.
var _ = this_package_needs_cgo__install_a_C_compiler_and_set_CGO_ENABLED_to_1
