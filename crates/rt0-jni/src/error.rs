//! What can be thrown.

use std::any::Any;
use std::fmt;

use jni::errors::{Error as JniError, ErrorPolicy};
use jni::strings::JNIString;
use jni::{Env, jni_str};

/// An error that Java can see as an exception. Every error becomes one with `?`: those of rt0, of the jni crate
/// and the author's own.
///
/// So that every error converts, it is no `std::error::Error` itself.
pub struct Error(Kind);

enum Kind {
    /// Of the jni crate: an exception that was thrown, for the most part.
    Java(JniError),
    /// An exception of this class, with this text.
    Named { class: String, text: String },
}

const ILLEGAL_STATE: &str = "java/lang/IllegalStateException";
const RUNTIME: &str = "java/lang/RuntimeException";

impl Error {
    /// An exception of this class, `java/lang/IllegalArgumentException` or `java.lang.IllegalArgumentException`,
    /// with this text. The class must have a constructor that takes a text.
    ///
    /// A thread of the library finds only classes that the system's class loader knows. If the class is not found,
    /// a `RuntimeException` with the text is thrown.
    pub fn new(class: impl Into<String>, text: impl fmt::Display) -> Error {
        Error(Kind::Named {
            class: class.into().replace('.', "/"),
            text: format!("{text:#}"),
        })
    }

    /// An `IllegalStateException`.
    pub(crate) fn state(text: impl fmt::Display) -> Error {
        Error::new(ILLEGAL_STATE, text)
    }

    /// Throws it, unless an exception has been thrown already.
    pub fn throw(self, env: &mut Env<'_>) {
        if env.exception_check() {
            return;
        }
        let (class, text) = match self.0 {
            Kind::Java(JniError::CaughtJavaException { exception, .. }) if !exception.is_null() => {
                // It returns an error to say that it has thrown.
                let _ = env.throw(&exception);
                return;
            }
            Kind::Java(error @ JniError::NullPtr(_)) => (
                "java/lang/NullPointerException".to_owned(),
                error.to_string(),
            ),
            Kind::Java(error) => (RUNTIME.to_owned(), error.to_string()),
            Kind::Named { class, text } => (class, text),
        };
        let text = JNIString::new(text);
        let _ = env.throw_new(JNIString::new(class), &text);
        if !env.exception_check() {
            let _ = env.throw_new(jni_str!("java/lang/RuntimeException"), &text);
        }
    }

    /// The exception, not thrown.
    #[cfg(feature = "tokio")]
    pub(crate) fn into_exception<'local>(
        self,
        env: &mut Env<'local>,
    ) -> Result<jni::objects::JThrowable<'local>, JniError> {
        self.throw(env);
        let exception = env.exception_occurred();
        env.exception_clear();
        exception.ok_or(JniError::JavaException)
    }

    fn of_panic(payload: Box<dyn Any + Send>) -> Error {
        // What `rt0::spawn` and the like refuse they throw as a panic.
        let payload = match payload.downcast::<rt0::Error>() {
            Ok(error) => return Error::state(error),
            Err(payload) => payload,
        };
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let text = text.unwrap_or("with no text");
        Error::new(RUNTIME, format_args!("panicked: {text}"))
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Error {
        if let Some(error) = (&error as &dyn Any).downcast_ref::<rt0::Error>() {
            return Error::state(error);
        }
        let mut error = Some(error);
        match (&mut error as &mut dyn Any).downcast_mut::<Option<JniError>>() {
            Some(error) => Error(Kind::Java(error.take().expect("put there above"))),
            None => Error::new(RUNTIME, error.expect("put there above")),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Java(error) => error.fmt(f),
            Kind::Named { text, .. } => f.write_str(text),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Java(error) => error.fmt(f),
            Kind::Named { class, text } => write!(f, "{class}: {text}"),
        }
    }
}

/// Throws errors and panics, and returns zero or null: the error policy for the jni crate's own `with_env`,
/// `native_method!` and `bind_java_type!`.
#[derive(Debug)]
pub struct Throw;

impl<T: Default> ErrorPolicy<T, Error> for Throw {
    type Captures<'unowned_env_local: 'native_method, 'native_method> = ();

    fn on_error<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _: &mut (),
        error: Error,
    ) -> jni::errors::Result<T> {
        error.throw(env);
        Ok(T::default())
    }

    fn on_panic<'unowned_env_local: 'native_method, 'native_method>(
        env: &mut Env<'unowned_env_local>,
        _: &mut (),
        payload: Box<dyn Any + Send>,
    ) -> jni::errors::Result<T> {
        Error::of_panic(payload).throw(env);
        Ok(T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_converts_and_keeps_its_text() {
        let own: Error = "x".parse::<u8>().unwrap_err().into();
        assert_eq!(
            format!("{own:?}"),
            "java/lang/RuntimeException: invalid digit found in string"
        );
        let javas: Error = JniError::NullPtr("key").into();
        assert!(matches!(javas.0, Kind::Java(JniError::NullPtr("key"))));
        let named = Error::new("java.util.NoSuchElementException", "none");
        assert_eq!(
            format!("{named:?}"),
            "java/util/NoSuchElementException: none"
        );
    }

    #[test]
    fn a_refusal_of_rt0_is_an_illegal_state() {
        // There is no init in this program.
        let refusal = rt0::start().unwrap_err();
        let text = refusal.to_string();
        assert_eq!(
            format!("{:?}", Error::from(refusal.clone())),
            format!("{ILLEGAL_STATE}: {text}")
        );
        assert_eq!(
            format!("{:?}", Error::of_panic(Box::new(refusal))),
            format!("{ILLEGAL_STATE}: {text}")
        );
    }

    #[test]
    fn a_panic_has_its_text() {
        for payload in [
            Box::new("oh") as Box<dyn Any + Send>,
            Box::new("oh".to_owned()),
        ] {
            assert_eq!(
                format!("{:?}", Error::of_panic(payload)),
                format!("{RUNTIME}: panicked: oh")
            );
        }
    }
}
