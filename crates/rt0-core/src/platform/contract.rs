//! Contracts: what each file that is one of several (for a system, a processor, a format) must provide.
//!
//! A contract stands once, beside the choice of one of these files: in a `mod.rs`, or, the longest, in
//! `kernel/contract.rs`. It is documentation that
//! compiles: a file without one of the names, or with another signature, is an error there.

/// `contract! { pub use MODULE: ITEMS }` holds the module to these items and re-exports them;
/// `contract! { MODULE: ITEMS }` only holds it to them. An item is written as in a trait.
macro_rules! contract {
    (pub use $module:ident:) => {};
    (pub use $module:ident:
        $(#[$doc:meta])* $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        $(#[$doc])* $visibility use $module::$name;
        contract! { $module: fn $name($($argument: $type),*) $(-> $result)?; }
        contract! { pub use $module: $($rest)* }
    };
    (pub use $module:ident:
        $(#[$doc:meta])* $visibility:vis unsafe fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        $(#[$doc])* $visibility use $module::$name;
        contract! { $module: unsafe fn $name($($argument: $type),*) $(-> $result)?; }
        contract! { pub use $module: $($rest)* }
    };
    (pub use $module:ident:
        $(#[$doc:meta])* $visibility:vis unsafe extern "C" fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        $(#[$doc])* $visibility use $module::$name;
        contract! { $module: unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)?; }
        contract! { pub use $module: $($rest)* }
    };
    (pub use $module:ident:
        $(#[$doc:meta])* $visibility:vis const $name:ident: $type:ty;
        $($rest:tt)*
    ) => {
        $(#[$doc])* $visibility use $module::$name;
        contract! { $module: const $name: $type; }
        contract! { pub use $module: $($rest)* }
    };
    (pub use $module:ident:
        $(#[$doc:meta])* $visibility:vis type $name:ident;
        $($rest:tt)*
    ) => {
        $(#[$doc])* $visibility use $module::$name;
        contract! { pub use $module: $($rest)* }
    };

    ($module:ident:) => {};
    ($module:ident:
        $(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        const _: fn($($type),*) $(-> $result)? = $module::$name;
        contract! { $module: $($rest)* }
    };
    ($module:ident:
        $(#[$doc:meta])* unsafe fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        const _: unsafe fn($($type),*) $(-> $result)? = $module::$name;
        contract! { $module: $($rest)* }
    };
    ($module:ident:
        $(#[$doc:meta])* unsafe extern "C" fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
        $($rest:tt)*
    ) => {
        const _: unsafe extern "C" fn($($type),*) $(-> $result)? = $module::$name;
        contract! { $module: $($rest)* }
    };
    ($module:ident: $(#[$doc:meta])* const $name:ident: $type:ty; $($rest:tt)*) => {
        const _: $type = $module::$name;
        contract! { $module: $($rest)* }
    };
}
