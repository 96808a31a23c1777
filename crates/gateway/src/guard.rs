//! Which machines may be asked: public ones, at the usual ports.
//!
//! An address of a feed comes from a person, but a redirect and a name's answer come from strangers,
//! who may point at what only this machine can reach: its own services, the local network, the
//! cloud's metadata. So every address is vetted after its name was looked up, for every request
//! anew, and the connection goes to the vetted address itself.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::url::is_here;

/// Who may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// The ports of public machines that may be asked.
    pub ports: Box<[u16]>,
    /// Whether this machine itself may be asked, at any port, under its own name or address. A
    /// name of a stranger that leads here is refused all the same.
    pub loopback: bool,
}

/// Where an address lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the internet.
    Public,
    /// On this machine.
    Loopback,
    /// In a network of somebody's own.
    Private,
    /// Between neighbours, where clouds also keep their metadata.
    LinkLocal,
    /// Behind a provider's translation.
    Shared,
    /// At many machines at once.
    Multicast,
    /// In a cloud's own machinery, though the address looks public.
    Cloud,
    /// In a range kept for documents, tests, tunnels and the future.
    Reserved,
}

/// Why an address must not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not public.
    #[error("`{address}` is {place}, and only public addresses may be asked")]
    Place {
        /// The address.
        address: IpAddr,
        /// Where it lies.
        place: Place,
    },
    /// The port is not one of the listed.
    #[error("port {0} is not among the `ports` that may be asked")]
    Port(u16),
}

impl Guard {
    /// Public machines, at the ports of the web.
    pub fn public() -> Self {
        Self { ports: Box::new([80, 443]), loopback: false }
    }

    /// The same, and this machine at any port.
    pub fn with_loopback() -> Self {
        Self { loopback: true, ..Self::public() }
    }

    /// Lets an address of a host pass, or says why not.
    ///
    /// # Errors
    /// Refuses what is neither public nor allowed by name, and ports that are not listed.
    pub fn admit(&self, host: &str, address: SocketAddr) -> Result<(), Refusal> {
        match Place::of(address.ip()) {
            Place::Loopback if self.loopback && is_here(host) => Ok(()),
            Place::Public if self.ports.contains(&address.port()) => Ok(()),
            Place::Public => Err(Refusal::Port(address.port())),
            place @ (Place::Loopback
            | Place::Private
            | Place::LinkLocal
            | Place::Shared
            | Place::Multicast
            | Place::Cloud
            | Place::Reserved) => Err(Refusal::Place { address: address.ip(), place }),
        }
    }
}

impl Place {
    /// Where an address lies.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let bits = address.to_bits();
        let row = V4.iter().find(|(network, length, _)| {
            let network = Ipv4Addr::from_octets(*network).to_bits();
            (bits ^ network) >> (32 - length) == 0
        });
        row.map_or(Self::Public, |(.., place)| *place)
    }

    /// Only one eighth of the addresses is handed out at all; the rest is refused unnamed, mapped
    /// and translated addresses of version 4 among it.
    fn of_v6(address: Ipv6Addr) -> Self {
        let bits = address.to_bits();
        let row = V6.iter().find(|(network, length, _)| {
            let network = Ipv6Addr::from_segments(*network).to_bits();
            (bits ^ network) >> (128 - length) == 0
        });
        let is_handed_out = bits >> 125 == 1;
        let rest = if is_handed_out { Self::Public } else { Self::Reserved };
        row.map_or(rest, |(.., place)| *place)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Loopback => "this machine",
            Self::Private => "in a private network",
            Self::LinkLocal => "link-local",
            Self::Shared => "behind a provider's translation",
            Self::Multicast => "multicast",
            Self::Cloud => "a cloud's own machinery",
            Self::Reserved => "reserved",
        })
    }
}

/// The special ranges of version 4, from IANA's registry and one cloud's documents.
const V4: &[([u8; 4], u32, Place)] = &[
    ([0, 0, 0, 0], 8, Place::Reserved),
    ([10, 0, 0, 0], 8, Place::Private),
    ([100, 64, 0, 0], 10, Place::Shared),
    ([127, 0, 0, 0], 8, Place::Loopback),
    ([168, 63, 129, 16], 32, Place::Cloud),
    ([169, 254, 0, 0], 16, Place::LinkLocal),
    ([172, 16, 0, 0], 12, Place::Private),
    ([192, 0, 0, 0], 24, Place::Reserved),
    ([192, 0, 2, 0], 24, Place::Reserved),
    ([192, 88, 99, 0], 24, Place::Reserved),
    ([192, 168, 0, 0], 16, Place::Private),
    ([198, 18, 0, 0], 15, Place::Reserved),
    ([198, 51, 100, 0], 24, Place::Reserved),
    ([203, 0, 113, 0], 24, Place::Reserved),
    ([224, 0, 0, 0], 4, Place::Multicast),
    ([240, 0, 0, 0], 4, Place::Reserved),
];

/// The special ranges of version 6.
const V6: &[([u16; 8], u32, Place)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, Place::Loopback),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Place::Reserved),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, Place::Reserved),
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, Place::Reserved),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Place::Reserved),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Place::Private),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Place::LinkLocal),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Place::Multicast),
];

#[cfg(test)]
mod tests;
