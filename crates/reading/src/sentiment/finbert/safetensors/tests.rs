use proptest::prelude::*;

use super::*;

fn file(header: &str, numbers: &[u8]) -> Vec<u8> {
    let length = u64::try_from(header.len()).unwrap().to_le_bytes();
    [&length[..], header.as_bytes(), numbers].concat()
}

/// What is wrong with a file whose tensor `a` is asked for as two floats.
fn check(header: &str, numbers: &[u8]) -> String {
    let bytes = file(header, numbers);
    Tensors::parse(&bytes).and_then(|it| it.floats("a", &[2])).unwrap_err()
}

#[test]
fn floats_are_read() {
    let header =
        r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#;
    let numbers = [0.0_f32, 1.5, -2.0].map(f32::to_le_bytes).concat();
    let bytes = file(header, &numbers);
    assert_eq!(Tensors::parse(&bytes).unwrap().floats("a", &[2]), Ok(vec![1.5, -2.0]));
}

#[test]
fn wrong_files_are_refused() {
    assert_eq!(Tensors::parse(b"short").unwrap_err(), "the weights file is cut short");
    assert_eq!(Tensors::parse(&[255; 16]).unwrap_err(), "the weights file is cut short");
    assert!(check("{", &[]).starts_with("the weights file has no description"));
    assert_eq!(check("{}", &[]), "tensor `a` is missing");
    let entry = |kind, shape, end| {
        format!(r#"{{"a":{{"dtype":"{kind}","shape":[{shape}],"data_offsets":[0,{end}]}}}}"#)
    };
    assert_eq!(check(&entry("F32", 2, 9), &[0; 8]), "tensor `a` is described wrongly");
    assert_eq!(check(&entry("F16", 2, 4), &[0; 8]), "tensor `a` is `F16` of [2], not `F32` of [2]");
    assert_eq!(check(&entry("F32", 1, 4), &[0; 8]), "tensor `a` is `F32` of [1], not `F32` of [2]");
    assert_eq!(check(&entry("F32", 2, 4), &[0; 8]), "tensor `a` has `4` bytes");
    let wild = check(&entry("F32", 2, 8), &[255; 8]);
    assert_eq!(wild, "tensor `a` holds a number that is not finite");
}

proptest! {
    #[test]
    fn prop_any_bytes_are_a_file_or_a_fault(header in ".{0,80}", numbers in any::<Vec<u8>>()) {
        let bytes = file(&header, &numbers);
        let described = header.trim_start().as_bytes().first() == Some(&b'{');
        prop_assert_eq!(Tensors::parse(&bytes).is_ok() && !described, false);
    }
}
