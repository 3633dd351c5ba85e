// What goes in and out. Written by cargo rt0 bindings.

package xample

// #include "bridge.h"
import "C"

import (
	"sync/atomic"
	"time"
	"unsafe"
)

// In memory it is as in C: else this is no constant index.
var _ = [1]struct{}{}[unsafe.Sizeof(Hit{})-uintptr(C.sizeof_x_Hit)]

// In memory it is as in C: else this is no constant index.
var _ = [1]struct{}{}[unsafe.Sizeof(Page{})-uintptr(C.sizeof_x_Page)]

// Some gives the address of a value, for parameters that may be missing: nil is none.
func Some[T any](value T) *T { return &value }

// Forever is the time that never ends.
const Forever time.Duration = -1

// milliseconds is a time as the library takes it, rounded up: a short wait is not a question. One that is over is zero.
func milliseconds(d time.Duration) C.int32_t {
	const most = 1<<31 - 1
	switch {
	case d == Forever:
		return -1
	case d < 0:
		return 0
	case d > (most-1)*time.Millisecond:
		return most
	}
	return C.int32_t((d + time.Millisecond - 1) / time.Millisecond)
}

// failure is the error of a call, with a text of the library's.
func failure(code C.int32_t, text *C.char) error {
	if text == nil {
		return &Error{Code: Code(code), Text: Code(code).Error()}
	}
	defer C.rt0go_free(unsafe.Pointer(text))
	return &Error{Code: Code(code), Text: C.GoString(text)}
}

// status is the error of a call that has no place for a text.
func status(s C.struct_rt0go_status) error {
	if s.code == 0 {
		return nil
	}
	defer C.free(unsafe.Pointer(s.text))
	return &Error{Code: Code(s.code), Text: C.GoString(s.text)}
}

// noText is where a text begins that has no bytes, and is there all the same.
var noText C.char

func optionalText(text *string) (*C.char, C.size_t) {
	switch {
	case text == nil:
		return nil, 0
	case *text == "":
		return &noText, 0
	}
	return (*C.char)(unsafe.Pointer(unsafe.StringData(*text))), C.size_t(len(*text))
}

// takeText copies a text that the library gave, and frees it.
func takeText(at *C.char, length C.size_t) string {
	text := string(unsafe.Slice((*byte)(unsafe.Pointer(at)), length))
	C.rt0go_free(unsafe.Pointer(at))
	return text
}

// takeSlice copies what the library gave, and frees it.
func takeSlice[T any](at unsafe.Pointer, length C.size_t) []T {
	all := append([]T{}, unsafe.Slice((*T)(at), length)...)
	C.rt0go_free(at)
	return all
}

// held is a handle of the library's. Its number is never used twice, so one that is closed is an error and nothing else.
type held struct {
	number C.uintptr_t
	free   func(C.uintptr_t) C.struct_rt0go_status
	closed atomic.Bool
}

func (h *held) close() error {
	if h == nil || h.closed.Swap(true) {
		return nil
	}
	err := status(h.free(h.number))
	if e, ok := err.(*Error); ok {
		switch e.Code {
		case ErrHandleBusy:
			h.closed.Store(false)
		case ErrInvalidHandle, ErrStopped:
			// It is gone already, or goes with the library.
			return nil
		}
	}
	return err
}

// collected is called when nobody has the handle any more.
func (h *held) collected() { _ = h.close() }

// A place in a list.
//
// Close it when it is not needed any more; the collector does so, too, but late.
type Cursor struct{ held *held }

func ownCursor(number C.uintptr_t) *Cursor {
	free := func(number C.uintptr_t) C.struct_rt0go_status { return C.rt0_x_Cursor_free(number) }
	made := &Cursor{&held{number: number, free: free}}
	whenCollected(made, made.held)
	return made
}

// raw is the number: 0 for nil, and one that no handle has if the library has not made this.
func (h *Cursor) raw() C.uintptr_t {
	switch {
	case h == nil:
		return 0
	case h.held == nil:
		return 2
	}
	return h.held.number
}

// Close closes it. A second time does nothing. ErrHandleBusy: a call is using it; close it again later.
func (h *Cursor) Close() error {
	if h == nil {
		return nil
	}
	return h.held.close()
}
