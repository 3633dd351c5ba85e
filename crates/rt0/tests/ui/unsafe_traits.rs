use rt0::__private as inner;

#[derive(Clone, Copy)]
struct Mine(&'static u8);

impl inner::Type for Mine {
    const TYPE: inner::TypeCode = inner::TypeCode::leaf(b'Z');
}

impl inner::FromC for Mine {
    type C = Mine;
    fn from_c(value: Mine) -> Option<Mine> {
        Some(value)
    }
}

impl inner::IntoC for Mine {}

impl inner::CType for Mine {
    unsafe fn check(_at: *const Mine) -> bool {
        true
    }
}

impl inner::Returned for Mine {}

impl inner::IsState for Mine {}

fn main() {
    let call = inner::Call::hot(false);
    drop(call);
}
