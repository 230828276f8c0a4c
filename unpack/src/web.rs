//! The function that JavaScript calls.

use core::{arch, panic, slice};

/// Unpacks a text. The memory behind it takes first what is on the way, and then the module.
///
/// # Safety
///
/// From `text` on, so much memory has to be there that nothing else uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unpack(
    text: *mut u8,
    text_length: usize,
    packed_length: usize,
    module_length: usize,
) {
    // SAFETY: the caller says so, and none of the three reaches into the next.
    unsafe {
        let packed = text.add(text_length);
        let module = packed.add(packed_length);
        crate::unpack(
            slice::from_raw_parts(text, text_length),
            slice::from_raw_parts_mut(packed, packed_length),
            slice::from_raw_parts_mut(module, module_length),
        );
    }
}

#[panic_handler]
fn trap(_: &panic::PanicInfo) -> ! {
    arch::wasm32::unreachable()
}
