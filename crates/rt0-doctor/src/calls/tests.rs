use super::{Arg, Expect, Kind, Ty, Value, parse};

#[test]
fn the_call_of_the_manual_is_read() {
    let call = parse("add(i32 2, i32 3) -> i32 = 5").unwrap();
    assert_eq!(call.symbol, "add");
    assert_eq!(call.args, [Arg::Int(Ty::I32, 2), Arg::Int(Ty::I32, 3)]);
    assert_eq!(call.result, Ty::I32);
    assert_eq!(call.expect, Expect::Is(Value::Int(5)));
    assert_eq!(call.to_string(), "add(i32 2, i32 3)");
    assert_eq!(call.objection(&Value::Int(5)), None);
    assert_eq!(
        call.objection(&Value::Int(4)).unwrap(),
        "add(i32 2, i32 3) returned 4, not 5"
    );
}

#[test]
fn every_kind_of_argument_comes_back_as_it_was_written() {
    let text = "f(bool true, u64 18446744073709551615, i8 -128, f64 1.5, str \"a\\\"b\", text \"x, y)\", buffer 16, \
                ptr null, callback)";
    let call = parse(text).unwrap();
    assert_eq!(call.to_string(), text);
    assert_eq!(call.kind, Kind::CallsBack);
    assert_eq!(parse(&call.to_string()).unwrap(), call);
    let call = parse(" g ( ) -> str != \"\" ").unwrap();
    assert_eq!(call.expect, Expect::IsNot(Value::Str(String::new())));
    assert_eq!(
        parse("h(ptr 0x10) -> ptr = null").unwrap().expect,
        Expect::Is(Value::Int(0))
    );
}

#[test]
fn a_call_that_is_none_is_refused_with_its_place() {
    for (text, place, why) in [
        ("", 1, "name comes first"),
        ("f", 2, "`(` is expected"),
        ("f(i32 1", 8, "`,` is expected"),
        ("f(int32_t 1)", 3, "no type"),
        ("f(u8 256)", 9, "not a value of u8"),
        ("f(i32 x)", 8, "no whole number"),
        ("f(str \"a)", 8, "has no end"),
        ("f() = 5", 5, "`-> TYPE`"),
        ("f() -> i32 5", 12, "`= VALUE`"),
        ("f(void 1)", 7, "no argument"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.contains(why), "{text}: {error}");
        assert!(
            error.contains(&format!("at letter {place}:")),
            "{text}: {error}"
        );
    }
}
