//! Passwords as Argon2id, with the parameters beside the hash.

use argon2::{Algorithm, Argon2, Params, Version};

use super::people::{AccessFault, hex, unhex};

/// Kibibytes of memory, passes, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
const HASH: usize = 32;
const SALT: usize = 16;

/// Shortest and longest password.
pub(crate) const LENGTH: std::ops::RangeInclusive<usize> = 10..=256;

/// Hashes a password with a fresh salt.
///
/// # Errors
/// Returns a password that is too short or too long, or a system without chance.
pub fn hash(password: &str) -> Result<String, AccessFault> {
    if !LENGTH.contains(&password.chars().count()) {
        let (least, most) = (LENGTH.start(), LENGTH.end());
        let why = format!("a password has between {least} and {most} characters");
        return Err(AccessFault::Refused(why));
    }
    let mut salt = [0; SALT];
    getrandom::fill(&mut salt).map_err(|fault| AccessFault::Chance(fault.to_string()))?;
    let (memory, passes, lanes) = COST;
    let hash = derive(password, &salt, COST).expect("the cost lies within the algorithm's bounds");
    Ok(format!("argon2id$m={memory},t={passes},p={lanes}${}${}", hex(&salt), hex(&hash)))
}

/// Whether a password is the one that was hashed.
pub fn verify(password: &str, hashed: &str) -> bool {
    let Some((cost, salt, expected)) = parse(hashed) else { return false };
    let Some(hash) = derive(password, &salt, cost) else { return false };
    // Hashes of both are compared in constant time.
    blake3::hash(&hash) == blake3::hash(&expected)
}

/// Spends as much time as a check would, where there is nobody to check.
pub fn pretend(password: &str) {
    derive(password, &[0; SALT], COST);
}

fn derive(
    password: &str,
    salt: &[u8],
    (memory, passes, lanes): (u32, u32, u32),
) -> Option<[u8; HASH]> {
    let params = Params::new(memory, passes, lanes, Some(HASH)).ok()?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; HASH];
    argon.hash_password_into(password.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

type Parts = ((u32, u32, u32), Vec<u8>, Vec<u8>);

fn parse(hashed: &str) -> Option<Parts> {
    let mut parts = hashed.strip_prefix("argon2id$")?.split('$');
    let (cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
    let mut cost = cost.split(',').map(|part| part.split_once('=')?.1.parse().ok());
    let cost = (cost.next()??, cost.next()??, cost.next()??);
    Some((cost, unhex(salt)?, unhex(hash)?))
}
