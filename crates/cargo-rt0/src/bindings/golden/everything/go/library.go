// Finds and loads the library. Written by cargo rt0 bindings.

package xample

// #cgo linux LDFLAGS: -ldl
// #include "bridge.h"
import "C"

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

const variable = "X_LIBRARY"

//go:embed library
var inside embed.FS

func fileNames() []string {
	file := "libxample.so"
	if runtime.GOOS == "darwin" {
		file = "libxample.dylib"
	}
	return []string{file}
}

var (
	loaded  atomic.Bool
	loading sync.Mutex
)

// load sees to it that the library is there: one load, from the second time on.
func load() error {
	if loaded.Load() {
		return nil
	}
	return Load()
}

// Load loads the library, which begins to start then, unless its author chose otherwise. Every call does so by itself.
//
// It is looked for inside the program, where the package's folder library is; beside the program; where the variable
// X_LIBRARY says; then as the system does. One that is not the one that this package is for is refused before
// anything of it is called: ErrWrongLibrary.
func Load() error {
	loading.Lock()
	defer loading.Unlock()
	if loaded.Load() {
		return nil
	}
	if err := find(); err != nil {
		return err
	}
	loaded.Store(true)
	return nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func find() error {
	names := fileNames()
	for _, name := range names {
		file, err := inside.Open("library/" + name)
		if err == nil {
			defer file.Close()
			return openInside(file, name)
		}
	}
	program, err := os.Executable()
	if err == nil {
		for _, name := range names {
			path := filepath.Join(filepath.Dir(program), name)
			if _, err := os.Stat(path); err == nil {
				return open(path, "the library beside the program")
			}
		}
	}
	if path := os.Getenv(variable); path != "" {
		return open(path, "the library that "+variable+" names")
	}
	name := names[len(names)-1]
	err = open(name, "the library that the system has")
	if errors.Is(err, errNotLoaded) {
		return wrong("there is no %s inside the program, none beside it, %s is not set, and the system says: %v. "+
			"Set %s to the library's file, or put the file there", name, variable, err, variable)
	}
	return err
}

// openInside loads the library that is a part of the program, by way of a file that is gone again afterwards.
func openInside(from io.Reader, name string) error {
	file, err := os.CreateTemp("", "x-*-"+name)
	if err != nil {
		return wrong("there is no place for the library inside the program: %v", err)
	}
	defer os.Remove(file.Name())
	_, err = io.Copy(file, from)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return wrong("there is no place for the library inside the program: %v", err)
	}
	return open(file.Name(), "the library inside the program")
}

// errNotLoaded marks the error of a file that can't be loaded at all.
var errNotLoaded = errors.New("not loaded")

func open(path, what string) error {
	at := C.CString(path)
	defer C.free(unsafe.Pointer(at))
	given := C.rt0go_x_load(at)
	defer C.free(unsafe.Pointer(given.text))
	text := C.GoString(given.text)
	const again = "write it again from that file, with cargo rt0 bindings"
	switch given.code {
	case C.RT0GO_NOT_LOADED:
		return &Error{Code: ErrWrongLibrary, Text: fmt.Sprintf("xample: %s can't be loaded: %s", what, text), causes: []error{errNotLoaded}}
	case C.RT0GO_ANOTHER_LIBRARY:
		return wrong("%s is another library: it has no x_abi_version", path)
	case C.RT0GO_ANOTHER_ABI:
		return wrong("%s has ABI version %d, and this package is for 1: %s", path, uint32(given.version), again)
	case C.RT0GO_ANOTHER_VERSION:
		return wrong("%s has no %s: it is another version than this package is for; %s", path, text, again)
	}
	return nil
}

func wrong(format string, args ...any) error {
	return &Error{Code: ErrWrongLibrary, Text: "xample: " + fmt.Sprintf(format, args...)}
}

// Start begins the library's start-up, and does not wait for it. Loading it does so, too, unless its author chose
// otherwise.
func Start() error {
	if err := load(); err != nil {
		return err
	}
	return status(C.rt0go_start())
}

// Wait waits until the library is ready, for so long or Forever. Every call waits by itself.
func Wait(timeout time.Duration) error {
	if err := load(); err != nil {
		return err
	}
	return status(C.rt0go_wait(milliseconds(timeout)))
}

// CurrentState says what the library is doing.
func CurrentState() (State, error) {
	if err := load(); err != nil {
		return 0, err
	}
	return State(C.rt0go_state()), nil
}

// Report gives the library's state and time line as JSON.
func Report() (string, error) {
	if err := load(); err != nil {
		return "", err
	}
	text := C.rt0go_report()
	if text == nil {
		return "", &Error{Code: ErrNoMemory, Text: ErrNoMemory.Error()}
	}
	defer C.rt0go_free(unsafe.Pointer(text))
	return C.GoString(text), nil
}

// Shutdown stops the library, ends its threads and drops its state, if that is done in time. A later call starts it
// again. A Go program ends without it: call it where the library has something to finish.
func Shutdown(timeout time.Duration) error {
	if err := load(); err != nil {
		return err
	}
	number := shutdowns.Add(1)
	if err := status(C.rt0go_shutdown(milliseconds(timeout))); err != nil {
		return err
	}
	forgetKept(number)
	return nil
}
