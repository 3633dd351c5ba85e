// Functions of Go's that the library calls. Written by cargo rt0 bindings.

package xample

// #include "bridge.h"
import "C"

import (
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

var onUncaught atomic.Pointer[func(any)]

// SetUncaught sets who hears of panics for which no call waits: those of functions that were kept, for example. Without
// one they are printed. It may be called on any goroutine. What it gave before is forgotten; nil prints again.
func SetUncaught(handler func(value any)) {
	if handler == nil {
		onUncaught.Store(nil)
		return
	}
	onUncaught.Store(&handler)
}

func uncaught(value any) {
	if handler := onUncaught.Load(); handler != nil {
		(*handler)(value)
		return
	}
	fmt.Fprintf(os.Stderr, "xample: a panic left a callback for which no call waits: %v\n%s", value, debug.Stack())
}

// An Event is a tracing event of the library's.
type Event struct {
	// 1 errors, 2 warnings, 3 information, 4 debugging, 5 traces.
	Level int

	Target string

	Text string

	// The names of the spans around it, the outermost first, with colons between them.
	Spans string
}

var (
	hearing   sync.Mutex
	hears     sync.Map // of functions, by their numbers
	lastHears uintptr
)

// Events has handler called for each tracing event of the library up to this level, on a thread of the library's, until
// it is called with 0 or nil, or the library is shut down. It replaces the one before, which is not called any more.
func Events(level int, handler func(Event)) error {
	if err := load(); err != nil {
		return err
	}
	if C.rt0go_is_telling() != 0 {
		// The library refuses it. Whoever has the lock may be waiting for the handler that asks.
		return status(C.rt0go_events(C.int32_t(level), 0))
	}
	hearing.Lock()
	defer hearing.Unlock()
	number := uintptr(0)
	if handler != nil {
		number = lastHears + 1
		hears.Store(number, handler)
	}
	if err := status(C.rt0go_events(C.int32_t(level), C.uintptr_t(number))); err != nil {
		hears.Delete(number)
		return err
	}
	hears.Delete(lastHears)
	if handler != nil {
		lastHears = number
	}
	return nil
}

//export rt0go_x_heard
func rt0go_x_heard(user C.uintptr_t, level C.int32_t, target, text, spans *C.char) {
	handler, ok := hears.Load(uintptr(user))
	if !ok {
		return
	}
	defer func() {
		if value := recover(); value != nil {
			defer func() { _ = recover() }()
			uncaught(value)
		}
	}()
	handler.(func(Event))(Event{int(level), C.GoString(target), C.GoString(text), C.GoString(spans)})
}
