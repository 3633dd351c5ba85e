// Functions of Go's that the library calls. Written by cargo rt0 bindings.

package xample

// #include "bridge.h"
import "C"

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"
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

// A Lifetime says how long the library may call a function.
type Lifetime int

// Keep, after a call's other arguments, lets the library call its functions when it has returned, until the library is
// shut down: Subscribe(heard, Keep).
const Keep Lifetime = 1

// An entry is a function while the library may call it. The library finds it by a number, so one that calls too late
// finds nothing.
type entry struct {
	key  uintptr
	call func(frame unsafe.Pointer)
	kept bool
	// How many shutdowns had begun when the call that has passed it was over; underWay until then.
	passed atomic.Uint64
	mutex  sync.Mutex
	// What the function has panicked with.
	panicked bool
	value    any
}

const underWay = math.MaxUint64

var (
	entries   sync.Map // of *entry, by their keys
	lastEntry atomic.Uintptr
	shutdowns atomic.Uint64
)

// enter is called before a call that calls this function back.
func enter(call func(unsafe.Pointer), lifetime []Lifetime) *entry {
	if call == nil {
		return nil
	}
	e := &entry{key: lastEntry.Add(1), call: call}
	for _, one := range lifetime {
		e.kept = e.kept || one == Keep
	}
	e.passed.Store(underWay)
	entries.Store(e.key, e)
	return e
}

// slots are the places for kept functions that get no address of theirs.
type slots struct {
	mutex sync.Mutex
	at    *[16]C.uintptr_t
}

// enterBare is the same for a function that gets no address: it is found by the thread, or if it is kept in a slot.
func enterBare(call func(unsafe.Pointer), lifetime []Lifetime, all *slots) (*entry, C.int32_t, error) {
	e := enter(call, lifetime)
	if e == nil || !e.kept {
		return e, -1, nil
	}
	all.mutex.Lock()
	defer all.mutex.Unlock()
	for slot, key := range all.at {
		if key == 0 {
			all.at[slot] = C.uintptr_t(e.key)
			return e, C.int32_t(slot), nil
		}
	}
	entries.Delete(e.key)
	return nil, 0, &Error{Code: ErrBusy, Text: "xample: 16 functions are kept for this callback, which are " +
		"all that there is room for; shut the library down to forget them"}
}

// forget empties the places of functions that are forgotten.
func (all *slots) forget() {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	for slot, key := range all.at {
		if _, ok := entries.Load(uintptr(key)); !ok {
			all.at[slot] = 0
		}
	}
}

func (e *entry) number() C.uintptr_t {
	if e == nil {
		return 0
	}
	return C.uintptr_t(e.key)
}

// leave is called after the call: it goes on with what the function has panicked with.
func (e *entry) leave() {
	if e == nil {
		return
	}
	if e.kept {
		e.passed.Store(shutdowns.Load())
		return
	}
	entries.Delete(e.key)
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.panicked {
		panic(e.value)
	}
}

// forgetKept forgets what the shutdown of this number has ended. A call that was over later may have started the
// library again, and what it has passed stays: until the next shutdown, if this one did end it.
func forgetKept(shutdown uint64) {
	entries.Range(func(key, of any) bool {
		if e := of.(*entry); e.kept && e.passed.Load() < shutdown {
			entries.Delete(key)
		}
		return true
	})
	slots1.forget()
}

// called is what the library calls. No panic passes through its frames.
//
//export rt0go_x_called
func rt0go_x_called(number C.uintptr_t, frame unsafe.Pointer) {
	found, ok := entries.Load(uintptr(number))
	if !ok {
		late()
		return
	}
	found.(*entry).run(frame)
}

func late() {
	defer func() { _ = recover() }()
	uncaught(errors.New("the library called back after its call had returned, or on another thread than it: pass Keep"))
}

func (e *entry) run(frame unsafe.Pointer) {
	e.mutex.Lock()
	failed := e.panicked
	e.mutex.Unlock()
	if failed {
		// The call has failed already.
		return
	}
	defer func() {
		if value := recover(); value != nil {
			e.caught(value)
		}
	}()
	e.call(frame)
}

func (e *entry) caught(value any) {
	if e.kept {
		defer func() { _ = recover() }()
		uncaught(value)
		return
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	// Several threads of the library may be inside: the first panic is the call's.
	if !e.panicked {
		e.panicked, e.value = true, value
	}
}

func shape0(function func(uint64) int32) func(unsafe.Pointer) {
	if function == nil {
		return nil
	}
	return func(frame unsafe.Pointer) {
		f := (*C.struct_rt0go_frame_0)(frame)
		f.result = C.int32_t(function(uint64(f.a0)))
	}
}

func shape1(function func(uintptr, uintptr) uintptr) func(unsafe.Pointer) {
	if function == nil {
		return nil
	}
	return func(frame unsafe.Pointer) {
		f := (*C.struct_rt0go_frame_1)(frame)
		f.result = C.uintptr_t(function(uintptr(f.a0), uintptr(f.a1)))
	}
}

var slots1 = slots{at: &C.rt0go_x_kept_1}
