package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"conform"
)

// A Step is one of those that cases.json's README tells of.
type Step struct {
	Call      string
	Args      []any
	Gives     any
	After     map[string]any
	Fails     any
	TimeoutMs *int64 `json:"timeout_ms"`
	Close     string
	Noted     [][]any
	Last      bool
	Steps     []Step
}

func (s *Step) steps() []Step {
	if s.Steps != nil {
		return s.Steps
	}
	return []Step{*s}
}

func read(path string) []Step {
	file, err := os.Open(path)
	must(err == nil, "%v", err)
	defer file.Close()
	var all struct{ Cases []Step }
	decoder := json.NewDecoder(file)
	decoder.UseNumber()
	err = decoder.Decode(&all)
	must(err == nil, "%v", err)
	return all.Cases
}

var variants = map[string]any{
	"CONFORM_MODE_EXACT":      conform.ModeExact,
	"CONFORM_MODE_VERY_FUZZY": conform.ModeVeryFuzzy,
	"CONFORM_MODE_NONE":       conform.ModeNone,
	"CONFORM_WIDE_LEAST":      conform.WideLeast,
	"CONFORM_WIDE_MINUS":      conform.WideMinus,
	"CONFORM_WIDE_MOST":       conform.WideMost,
}

var named = map[string]conform.Code{
	"NOT_THERE": conform.ErrNotThere,
	"TAKEN":     conform.ErrTaken,
}

var numbered = map[int64]conform.Code{
	-3:  conform.ErrPanicked,
	-8:  conform.ErrInvalidArgument,
	-10: conform.ErrInvalidHandle,
	-15: conform.ErrTimedOut,
}

// errFailed is what the callback fail panics with.
var errFailed = errors.New("from the callback")

func must(right bool, format string, args ...any) {
	if !right {
		panic(fmt.Sprintf(format, args...))
	}
}

// A run is a case: its handles, and what its callbacks were called with.
type run struct {
	form    string
	handles map[string]reflect.Value
	noted   [][]reflect.Value
}

// value makes a value of this type.
func (r *run) value(given any, ty reflect.Type) reflect.Value {
	made := reflect.New(ty).Elem()
	switch given := given.(type) {
	case nil:
		return made
	case map[string]any:
		if raw, ok := given["raw"]; ok {
			return r.value(raw, ty)
		}
		if _, ok := given["callback"]; ok {
			return reflect.MakeFunc(ty, r.callback(given, ty))
		}
		if name, ok := given["handle"]; ok {
			return r.handles[name.(string)]
		}
	case string:
		if variant, ok := variants[given]; ok && ty.Kind() != reflect.Pointer {
			return reflect.ValueOf(variant)
		}
	}
	switch ty.Kind() {
	case reflect.Bool:
		made.SetBool(given.(bool))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(fmt.Sprint(given), 10, 64)
		must(err == nil, "%v", err)
		made.SetInt(number)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		number, err := strconv.ParseUint(fmt.Sprint(given), 10, 64)
		if letter, ok := given.(string); ok && ty.Kind() == reflect.Uint8 {
			number, err = uint64(letter[0]), nil
		}
		must(err == nil, "%v", err)
		made.SetUint(number)
	case reflect.Float32, reflect.Float64:
		number, err := strconv.ParseFloat(fmt.Sprint(given), 64)
		must(err == nil, "%v", err)
		made.SetFloat(number)
	case reflect.String:
		made.SetString(given.(string))
	case reflect.Pointer:
		made.Set(reflect.New(ty.Elem()))
		made.Elem().Set(r.value(given, ty.Elem()))
	case reflect.Slice:
		// Empty is not none.
		made.Set(reflect.MakeSlice(ty, 0, 0))
		for _, one := range given.([]any) {
			made.Set(reflect.Append(made, r.value(one, ty.Elem())))
		}
	case reflect.Struct:
		for name, of := range given.(map[string]any) {
			field := made.FieldByName(strings.ToUpper(name[:1]) + name[1:])
			field.Set(r.value(of, field.Type()))
		}
	default:
		must(false, "no value of %v: %v", ty, given)
	}
	return made
}

// number is a value as a number of this type.
func number(of reflect.Value, ty reflect.Type) reflect.Value {
	switch of.Kind() {
	case reflect.Struct:
		of = of.FieldByName("Number")
	case reflect.Bool:
		if of.Bool() {
			return reflect.ValueOf(1).Convert(ty)
		}
		return reflect.Zero(ty)
	}
	return of.Convert(ty)
}

func sum(one, other reflect.Value) reflect.Value {
	switch {
	case one.CanInt():
		return reflect.ValueOf(one.Int() + other.Int()).Convert(one.Type())
	case one.CanUint():
		return reflect.ValueOf(one.Uint() + other.Uint()).Convert(one.Type())
	}
	return reflect.ValueOf(one.Float() + other.Float()).Convert(one.Type())
}

func (r *run) callback(given map[string]any, ty reflect.Type) func([]reflect.Value) []reflect.Value {
	gives := func(of func(number reflect.Value) reflect.Value) func([]reflect.Value) []reflect.Value {
		return func(args []reflect.Value) []reflect.Value {
			return []reflect.Value{of(number(args[0], ty.Out(0)))}
		}
	}
	switch given["callback"] {
	case "same":
		return gives(func(number reflect.Value) reflect.Value { return number })
	case "double":
		return gives(func(number reflect.Value) reflect.Value { return sum(number, number) })
	case "plus_one":
		return gives(func(number reflect.Value) reflect.Value {
			return sum(number, reflect.ValueOf(1).Convert(number.Type()))
		})
	case "note":
		return func(args []reflect.Value) []reflect.Value {
			r.noted = append(r.noted, args)
			if ty.NumOut() == 0 {
				return nil
			}
			return []reflect.Value{reflect.Zero(ty.Out(0))}
		}
	case "fail":
		return func([]reflect.Value) []reflect.Value { panic(errFailed) }
	case "use":
		return func([]reflect.Value) []reflect.Value {
			handle := r.handles[given["handle"].(string)].Interface().(*conform.Counter)
			value, err := handle.Value()
			if err != nil {
				panic(err)
			}
			return []reflect.Value{reflect.ValueOf(value)}
		}
	}
	panic("an unknown callback")
}

// What a call gave.
type answer struct {
	value    reflect.Value
	err      error
	panicked any
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

func call(function reflect.Value, args []reflect.Value) (given answer) {
	defer func() { given.panicked = recover() }()
	for _, out := range function.Call(args) {
		if out.Type() != errorType {
			given.value = out
		} else if !out.IsNil() {
			given.err = out.Interface().(error)
		}
	}
	return given
}

func (r *run) step(step *Step) {
	said, _ := json.Marshal(step)
	switch {
	case step.Close != "":
		closer := r.handles[step.Close].Interface().(interface{ Close() error })
		must(closer.Close() == nil, "%s", said)
		return
	case step.Noted != nil:
		must(len(r.noted) == len(step.Noted), "%s: %v", said, r.noted)
		for at, wanted := range step.Noted {
			for place, one := range wanted {
				given := r.noted[at][place]
				same(r.value(one, given.Type()), given, said)
			}
		}
		r.noted = nil
		return
	}
	function := reflect.ValueOf(calls[step.Call])
	must(function.IsValid(), "%s: there is no such call", said)
	ty := function.Type()
	var passed []reflect.Value
	first := 0
	if ty.NumIn() > 0 && (ty.In(0) == contextType || ty.NumIn() > 1 && ty.In(1) == contextType) {
		ctx, cancel := r.context(step)
		defer cancel()
		if ty.In(0) == contextType {
			passed = append(passed, reflect.ValueOf(&ctx).Elem())
			first = 1
		} else {
			// A method: its handle comes first.
			passed = append(passed, r.value(step.Args[0], ty.In(0)), reflect.ValueOf(&ctx).Elem())
			first = 1
		}
	}
	args := make([]reflect.Value, len(step.Args))
	for at, arg := range step.Args {
		if first == 1 && ty.In(0) != contextType && at == 0 {
			args[at] = passed[0]
			continue
		}
		args[at] = r.value(arg, ty.In(at+first))
		passed = append(passed, args[at])
	}
	given := call(function, passed)
	r.check(step, given, said)
	for at, after := range step.After {
		at, err := strconv.Atoi(at)
		must(err == nil, "%v", err)
		now := args[at]
		if now.Kind() == reflect.Pointer {
			now = now.Elem()
		}
		same(r.value(after, now.Type()), now, said)
	}
}

// context: both without an end, and with one that comes when the call is over, if it has no time.
func (r *run) context(step *Step) (context.Context, context.CancelFunc) {
	switch {
	case step.TimeoutMs != nil:
		return context.WithTimeout(context.Background(), time.Duration(*step.TimeoutMs)*time.Millisecond)
	case r.form == "waits":
		return context.Background(), func() {}
	}
	return context.WithCancel(context.Background())
}

func (r *run) check(step *Step, given answer, said []byte) {
	if step.Fails == "callback" {
		err, _ := given.panicked.(error)
		must(err == errFailed || errors.Is(err, conform.ErrHandleBusy), "%s: %v", said, given)
		return
	}
	must(given.panicked == nil, "%s: %v", said, given.panicked)
	if step.Fails != nil {
		fails := step.Fails.(map[string]any)
		code, _ := fails["code"].(json.Number).Int64()
		var err *conform.Error
		must(errors.As(given.err, &err), "%s: %v", said, given)
		must(int64(err.Code) == code && err.Error() == err.Text, "%s: %d %v", said, err.Code, err)
		must(errors.Is(given.err, conform.Code(code)) && err.Code.Own() == (code > 0), "%s", said)
		var as conform.Code
		must(errors.As(given.err, &as) && as == err.Code && as.Error() != "", "%s", said)
		if name, ok := fails["name"]; ok {
			must(errors.Is(given.err, named[name.(string)]), "%s", said)
		}
		if sentinel, ok := numbered[code]; ok {
			must(errors.Is(given.err, sentinel), "%s", said)
		}
		if step.TimeoutMs != nil {
			must(errors.Is(given.err, context.DeadlineExceeded), "%s: %v", said, err)
		}
		if text, ok := fails["text"]; ok {
			must(err.Text == text, "%s: %v", said, err)
		}
		if has, ok := fails["has"]; ok {
			must(strings.Contains(err.Text, has.(string)), "%s: %v", said, err)
		}
		if given.value.IsValid() {
			must(given.value.IsZero(), "%s: %v beside an error", said, given.value)
		}
		return
	}
	must(given.err == nil, "%s: %v", said, given.err)
	if gives, ok := step.Gives.(map[string]any); ok {
		if name, ok := gives["new"]; ok {
			must(!given.value.IsNil(), "%s: nil", said)
			r.handles[name.(string)] = given.value
			return
		}
		if of, ok := gives["function"].(map[string]any); ok {
			var args []reflect.Value
			for at, arg := range of["args"].([]any) {
				args = append(args, r.value(arg, given.value.Type().In(at)))
			}
			same(r.value(of["gives"], given.value.Type().Out(0)), given.value.Call(args)[0], said)
			return
		}
		if _, ok := gives["any"]; ok {
			return
		}
	}
	if given.value.IsValid() {
		same(r.value(step.Gives, given.value.Type()), given.value, said)
	} else {
		must(step.Gives == nil, "%s: it gives nothing", said)
	}
}

func same(wanted, given reflect.Value, said []byte) {
	must(wanted.Type() == given.Type(), "%s: %v is not %v", said, given.Type(), wanted.Type())
	if wanted.CanFloat() && math.IsNaN(wanted.Float()) {
		must(math.IsNaN(given.Float()), "%s: %v", said, given)
		return
	}
	if wanted.Kind() == reflect.Slice && wanted.Len() == given.Len() && wanted.IsNil() == given.IsNil() {
		for at := range wanted.Len() {
			same(wanted.Index(at), given.Index(at), said)
		}
		return
	}
	must(reflect.DeepEqual(wanted.Interface(), given.Interface()), "%s: %v is not %v", said, given, wanted)
}

// every runs the cases, and says how many steps there were.
func every(cases []Step, form string) int {
	count := 0
	for _, one := range cases {
		this := run{form: form, handles: map[string]reflect.Value{}}
		for _, step := range one.steps() {
			this.step(&step)
			count++
		}
	}
	return count
}

// isQuick: not the cases that wait for a time.
func isQuick(one Step) bool {
	for _, step := range one.steps() {
		if step.TimeoutMs != nil || step.Call == "conform_given_up" {
			return false
		}
	}
	return true
}
