use super::*;

#[test]
fn paths_are_found_and_others_are_not() {
    let mut vocabulary = Vocabulary::default();
    let words: Vec<WordId> = ["general", "motors", "mills"].map(|it| vocabulary.intern(it)).into();
    let mut growing = Growing::default();
    growing.add(&[words[0], words[1]], 7);
    growing.add(&[words[0], words[2]], 8);
    let trie = growing.finish(vocabulary.len());
    let root = trie.root(words[0]).expect("both begin with it");
    assert!(trie.values(root).is_empty());
    assert_eq!(trie.child(root, words[1]).map(|node| trie.values(node)), Some(&[7][..]));
    assert_eq!(trie.child(root, words[2]).map(|node| trie.values(node)), Some(&[8][..]));
    assert_eq!(trie.root(words[1]), None);
    assert_eq!(trie.root(UNKNOWN), None);
}

#[test]
fn words_keep_their_numbers_while_the_table_grows() {
    let mut vocabulary = Vocabulary::default();
    let ids: Vec<WordId> = (0..5_000).map(|it| vocabulary.intern(&format!("w{it}"))).collect();
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(vocabulary.find(format!("w{number}").as_bytes()), *id);
    }
    assert_eq!(vocabulary.find(b"other"), UNKNOWN);
}
