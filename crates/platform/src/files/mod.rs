//! What files are, whatever their names say, and pictures without what they reveal besides their pixels.

pub mod image_size;
pub mod sniff;
pub mod strip;
