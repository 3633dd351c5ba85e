//! What the model makes of signatures; the golden files show the whole.

use rt0_abi::decode::Description;

use super::{Pass, Type, of};
use crate::header::tests::everything;

#[test]
fn a_callback_that_gets_an_address_back_hides_it() {
    let model = of(&everything(), "xample").unwrap();
    let each = model
        .functions
        .iter()
        .find(|f| f.symbol == "x_each")
        .unwrap();
    let [callback, user] = &each.params[..] else {
        panic!("two parameters");
    };
    assert!(user.user && !callback.user);
    assert!(matches!(callback.ty, Type::Callback { user: Some(1), .. }));
    // One that is given no address has nothing to hide.
    let nested = model
        .functions
        .iter()
        .find(|f| f.symbol == "x_nested")
        .unwrap();
    assert!(matches!(
        nested.params[0].ty,
        Type::Callback { user: None, .. }
    ));
}

#[test]
fn a_function_on_a_handle_is_its_method() {
    let model = of(&everything(), "xample").unwrap();
    let named = |symbol: &str| {
        let function = model.functions.iter().find(|f| f.symbol == symbol).unwrap();
        let method = function.method.as_ref().map(|m| m.name.snake());
        (
            method,
            function.params.first().map(|param| param.ty.clone()),
        )
    };
    let (method, first) = named("x_close");
    assert_eq!(method.as_deref(), Some("close"));
    let name = "x_Cursor".to_owned();
    assert_eq!(
        first,
        Some(Type::Handle {
            name,
            pass: Pass::Taken
        })
    );
    assert_eq!(named("x_count").0, None);
}

#[test]
fn a_file_that_would_end_a_text_goes_by_the_librarys_name() {
    let file = |name: &str| of(&everything(), name).unwrap().library.file;
    assert_eq!(file("xample-2"), "xample-2");
    assert_eq!(file("x\"; import os"), "x");
    assert_eq!(file(""), "x");
}

#[test]
fn without_an_init_there_are_no_bindings() {
    let description = Description {
        library: None,
        ..everything()
    };
    let error = of(&description, "xample").unwrap_err().to_string();
    assert!(error.contains("#[rt0::init]"), "{error}");
}
