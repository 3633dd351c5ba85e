//! Contracts: what each file must provide that is one of several, for a system, a processor or a format.
//!
//! A contract is written once, in the `mod.rs` that chooses one of the files; the longest is in
//! `kernel/contract.rs`. It is documentation that compiles: if the chosen file lacks a name, or has it with
//! another signature, the contract does not compile.

/// `contract! { pub use MODULE: ITEMS }` checks that the module has these items, and re-exports them;
/// `contract! { MODULE: ITEMS }` only checks. An item is written as in a trait.
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
