// Errors. Written by cargo rt0 bindings.

package xample

import "strconv"

// A Code says why a call failed. It is an error itself: errors.Is(err, ErrStopped) asks whether err has this code.
// Those below 0 are the same for all libraries; those above are the library's own, and those without a name here have
// a number all the same.
type Code int32

const (
	// the library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)
	ErrNotReady Code = -1

	// the library failed to start; the error text says why
	ErrBootFailed Code = -2

	// the call panicked inside the library; the library keeps working
	ErrPanicked Code = -3

	// called from the library's own start-up, which would deadlock; call it after start-up
	ErrCalledFromBoot Code = -4

	// the call would deadlock; make it from another thread, outside the library's own calls
	ErrWouldDeadlock Code = -5

	// this process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first
	ErrForked Code = -6

	// the library is shutting down or has stopped; call again after the shutdown
	ErrStopped Code = -7

	// an argument is not valid; the error text names it
	ErrInvalidArgument Code = -8

	// a text argument is not valid UTF-8; the error text names it
	ErrInvalidUTF8 Code = -9

	// a handle is not open in this library: it was closed, is of another type, or is from before the last start
	ErrInvalidHandle Code = -10

	// the library was not started; call its start function first
	ErrNotStarted Code = -11

	// the operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread
	ErrNoThread Code = -12

	// the library was built without a boot function; its author must set one
	ErrNoBootEntry Code = -13

	// the library's boot function returned without reporting whether start-up is done; its author must report it
	ErrNotNotified Code = -14

	// the operation did not finish before its deadline; the error text says what holds it up
	ErrTimedOut Code = -15

	// a handle is in use by another call; call again when that call has returned
	ErrHandleBusy Code = -16

	// there is not enough memory for the call; free some and call again
	ErrNoMemory Code = -17

	// the library was shut down, but part of the shutdown failed; the error text says what
	ErrEndedBadly Code = -18

	// the library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again
	ErrRuntimeLost Code = -19

	// the operation was cancelled before it was done
	ErrCancelled Code = -20

	// the queue is at its limit; take tags from it, then begin again
	ErrBusy Code = -21

	// the operation is not done yet; wait for its tag or with the library's op_wait, then call again
	ErrNotDone Code = -22

	// It is BUSY.
	ErrBusy_ Code = 4

	// It is NO_PLACE.
	ErrNoPlace Code = 5

	// It is CODES.
	ErrCodes Code = 6

	// The library can't be loaded, or is another than this package is for.
	ErrWrongLibrary Code = -1 << 31
)

// Error says what the code means.
func (c Code) Error() string {
	switch c {
	case ErrNotReady:
		return "the library was not ready before the deadline; call again later or wait longer (a call that only asks does not start it)"
	case ErrBootFailed:
		return "the library failed to start; the error text says why"
	case ErrPanicked:
		return "the call panicked inside the library; the library keeps working"
	case ErrCalledFromBoot:
		return "called from the library's own start-up, which would deadlock; call it after start-up"
	case ErrWouldDeadlock:
		return "the call would deadlock; make it from another thread, outside the library's own calls"
	case ErrForked:
		return "this process was forked from a multi-threaded one without running fork handlers; use fork(), or call exec first"
	case ErrStopped:
		return "the library is shutting down or has stopped; call again after the shutdown"
	case ErrInvalidArgument:
		return "an argument is not valid; the error text names it"
	case ErrInvalidUTF8:
		return "a text argument is not valid UTF-8; the error text names it"
	case ErrInvalidHandle:
		return "a handle is not open in this library: it was closed, is of another type, or is from before the last start"
	case ErrNotStarted:
		return "the library was not started; call its start function first"
	case ErrNoThread:
		return "the operating system refused a thread or memory for the library's start-up; free some and call again, or set RT0_START=quiet, which needs no thread"
	case ErrNoBootEntry:
		return "the library was built without a boot function; its author must set one"
	case ErrNotNotified:
		return "the library's boot function returned without reporting whether start-up is done; its author must report it"
	case ErrTimedOut:
		return "the operation did not finish before its deadline; the error text says what holds it up"
	case ErrHandleBusy:
		return "a handle is in use by another call; call again when that call has returned"
	case ErrNoMemory:
		return "there is not enough memory for the call; free some and call again"
	case ErrEndedBadly:
		return "the library was shut down, but part of the shutdown failed; the error text says what"
	case ErrRuntimeLost:
		return "the library's async runtime is lost: the process closed or replaced its descriptors; shut the library down, and the next call starts it again"
	case ErrCancelled:
		return "the operation was cancelled before it was done"
	case ErrBusy:
		return "the queue is at its limit; take tags from it, then begin again"
	case ErrNotDone:
		return "the operation is not done yet; wait for its tag or with the library's op_wait, then call again"
	case ErrBusy_:
		return "It is BUSY."
	case ErrNoPlace:
		return "It is NO_PLACE."
	case ErrCodes:
		return "It is CODES."
	case ErrWrongLibrary:
		return "the library can't be loaded, or is another one"
	}
	return "error " + strconv.Itoa(int(c))
}

// Own says whether it is the library's own.
func (c Code) Own() bool { return c > 0 }

// An Error is what a call gives that failed.
type Error struct {
	// Why, as a number.
	Code Code

	// Why, in words.
	Text string

	causes []error
}

// Error gives the text.
func (e *Error) Error() string { return e.Text }

// Unwrap gives the code, and after a context that has ended its error and its cause.
func (e *Error) Unwrap() []error { return append([]error{e.Code}, e.causes...) }
