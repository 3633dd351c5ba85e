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

// Some values.
type Mode uint8

const (
	// X_MODE_EXACT.
	ModeExact Mode = 1

	// X_MODE_FUZZY.
	ModeFuzzy Mode = 2
)

// String gives its name.
func (value Mode) String() string {
	switch value {
	case ModeExact:
		return "Exact"
	case ModeFuzzy:
		return "Fuzzy"
	}
	return "Mode(" + strconv.FormatUint(uint64(value), 10) + ")"
}

// Some values.
type Signed int32

const (
	// X_SIGNED_LEAST.
	SignedLeast Signed = -2147483648

	// X_SIGNED_NONE.
	SignedNone Signed = -1
)

// String gives its name.
func (value Signed) String() string {
	switch value {
	case SignedLeast:
		return "Least"
	case SignedNone:
		return "None"
	}
	return "Signed(" + strconv.FormatInt(int64(value), 10) + ")"
}

// Some values.
type Wide int64

const (
	// X_WIDE_LEAST.
	WideLeast Wide = -9223372036854775808

	// X_WIDE_MINUS.
	WideMinus Wide = -2

	// X_WIDE_MOST.
	WideMost Wide = 9223372036854775807
)

// String gives its name.
func (value Wide) String() string {
	switch value {
	case WideLeast:
		return "Least"
	case WideMinus:
		return "Minus"
	case WideMost:
		return "Most"
	}
	return "Wide(" + strconv.FormatInt(int64(value), 10) + ")"
}

// Some values.
type Huge uint64

const (
	// X_HUGE_MOST.
	HugeMost Huge = 18446744073709551615

	// X_HUGE_ONE.
	HugeOne Huge = 1
)

// String gives its name.
func (value Huge) String() string {
	switch value {
	case HugeMost:
		return "Most"
	case HugeOne:
		return "One"
	}
	return "Huge(" + strconv.FormatUint(uint64(value), 10) + ")"
}

// Some values.
type Flags uint32

const (
	// X_FLAGS_TOP.
	FlagsTop Flags = 2147483648
)

// String gives its name.
func (value Flags) String() string {
	switch value {
	case FlagsTop:
		return "Top"
	}
	return "Flags(" + strconv.FormatUint(uint64(value), 10) + ")"
}

// Some values.
type Empty uint16

// A struct.
// With two lines.
type Hit struct {
	// The field class.
	Class float32

	// The field mode.
	Mode Mode

	// The field each.
	Each uintptr

	// The field name.
	Name uintptr

	// The field r#type.
	Type bool
}

// A struct.
// With two lines.
type Page struct {
	// The field first.
	First Hit

	// The field next.
	Next uintptr
}
