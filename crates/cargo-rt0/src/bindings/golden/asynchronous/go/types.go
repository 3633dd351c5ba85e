// The library's enums and structs. Written by cargo rt0 bindings.

package xample

import "strconv"

// State is what the library is doing.
type State int32

const (
	// nothing has been started
	StateCold State = 0

	// a thread is on its way to start the library
	StateScheduled State = 1

	// the library is starting
	StateBooting State = 2

	// calls go through
	StateReady State = 3

	// the start-up failed
	StateFailed State = 4

	// a shutdown is under way
	StateStopping State = 5

	// a start-up that failed is being cleared away for the next
	StateRetrying State = 6
)

// String gives its name.
func (value State) String() string {
	switch value {
	case StateCold:
		return "Cold"
	case StateScheduled:
		return "Scheduled"
	case StateBooting:
		return "Booting"
	case StateReady:
		return "Ready"
	case StateFailed:
		return "Failed"
	case StateStopping:
		return "Stopping"
	case StateRetrying:
		return "Retrying"
	}
	return "State(" + strconv.FormatInt(int64(value), 10) + ")"
}
