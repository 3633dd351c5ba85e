//! A C type, and how a name is declared with it.

/// A C type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CType {
    /// A type that is one word: `int32_t`, `search_Hit`, `void`.
    Name(String),
    /// A pointer.
    Pointer {
        /// Whether it points to `const`.
        constant: bool,
        /// What it points to.
        to: Box<CType>,
    },
    /// A pointer to a function.
    Function {
        /// The types of its parameters.
        params: Vec<CType>,
        /// What it returns.
        result: Box<CType>,
    },
}

impl CType {
    /// A type by its name.
    pub fn name(name: impl Into<String>) -> CType {
        CType::Name(name.into())
    }

    /// `T *`
    pub fn pointer(to: CType) -> CType {
        CType::Pointer {
            constant: false,
            to: Box::new(to),
        }
    }

    /// `const T *`
    pub fn const_pointer(to: CType) -> CType {
        CType::Pointer {
            constant: true,
            to: Box::new(to),
        }
    }

    /// The declaration of `name`; with an empty name, the type alone.
    pub fn declare(&self, name: &str) -> String {
        self.around(name.to_owned(), false)
    }

    /// C declares from the inside out: `inner` is the text so far, with the name in its middle.
    fn around(&self, inner: String, constant: bool) -> String {
        match self {
            CType::Name(name) => {
                let constant = if constant { "const " } else { "" };
                let space = if inner.is_empty() { "" } else { " " };
                format!("{constant}{name}{space}{inner}")
            }
            CType::Pointer { constant: of, to } => to.around(qualify("*", constant, &inner), *of),
            CType::Function { params, result } => {
                let params = match params.as_slice() {
                    [] => "void".to_owned(),
                    params => {
                        let params: Vec<_> = params.iter().map(|ty| ty.declare("")).collect();
                        params.join(", ")
                    }
                };
                let inner = qualify("*", constant, &inner);
                result.around(format!("({inner})({params})"), false)
            }
        }
    }
}

fn qualify(star: &str, constant: bool, inner: &str) -> String {
    match (constant, inner.is_empty()) {
        (false, _) => format!("{star}{inner}"),
        (true, true) => format!("{star}const"),
        (true, false) => format!("{star}const {inner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::CType;

    #[test]
    fn names_stand_where_c_wants_them() {
        let int = || CType::name("int");
        let call = |params, result| CType::Function {
            params,
            result: Box::new(result),
        };
        let simple = call(vec![int(), CType::pointer(CType::name("void"))], int());
        for (ty, text) in [
            (int(), "int x"),
            (CType::const_pointer(int()), "const int *x"),
            (CType::const_pointer(CType::pointer(int())), "int *const *x"),
            (CType::pointer(CType::const_pointer(int())), "const int **x"),
            (simple.clone(), "int (*x)(int, void *)"),
            (CType::pointer(simple.clone()), "int (**x)(int, void *)"),
            (
                CType::const_pointer(simple.clone()),
                "int (*const *x)(int, void *)",
            ),
            (call(vec![], simple), "int (*(*x)(void))(int, void *)"),
        ] {
            assert_eq!(ty.declare("x"), text);
        }
        assert_eq!(
            CType::const_pointer(CType::pointer(int())).declare(""),
            "int *const *"
        );
        assert_eq!(int().declare(""), "int");
    }
}
