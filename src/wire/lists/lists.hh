// SPDX-FileCopyrightText: 2026 The zonder contributors
// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hh"
#include "net/asn.hh"
#include "net/domain_name.hh"
#include "net/prefix.hh"

// Lists that providers and others publish: which addresses, names and AS numbers they say are
// whose. Here they become values, as they stand; what to believe is for the catalogue to judge. It
// must, since lists overlap (nearly all of GitHub's lies in Microsoft's), repeat themselves, and
// name what belongs to others (Microsoft 365's endpoints name the revocation servers of a dozen
// certificate authorities; MISP's list of Microsoft's names has akadns.net in it).
namespace zonder::wire {

/// Whose use: `services` the provider's own service, `customers` its customers' cloud space,
/// `shared` used by or lying in the space of several, `unknown` the list does not tell.
struct PrefixClaim {
  net::Prefix prefix;
  std::string service;  // as the list names it, "S3" or "Exchange"; empty: none in particular
  std::string space;
};

struct NameClaim {
  net::DomainName suffix;
  std::string service;
  bool exact = false;  // true: this name alone; false: all names under it too
};

struct AsnClaim {
  net::Asn asn;
  std::string handle;       // "MICROSOFT-CORP-MSN-AS-BLOCK"
  std::string description;  // "Microsoft Corporation"
};

/// One list, read. `records` counts its entries (a prefix, range, name, AS or rule each); of these
/// `unreadable` were mistaken and `skipped` were sound but say what a claim cannot: includes,
/// keywords, regular expressions, stars within a name. A range may give several prefixes.
struct ListFile {
  std::string path;
  std::string format;     // one of list_formats()
  std::string party;      // the catalogue's id for it; empty when the list does not say
  std::string called;     // what the list or its file calls it; may be empty
  std::string published;  // ISO day, when the file tells; else empty
  /// The names are those that users must reach, others' among them: need, not ownership.
  bool names_are_needs = false;
  std::vector<PrefixClaim> prefixes;
  std::vector<NameClaim> names;
  std::vector<AsnClaim> asns;
  std::uint64_t records = 0;
  std::uint64_t skipped = 0;
  std::uint64_t unreadable = 0;
  std::vector<std::string> complaints;  // the first 20: where, and what is wrong
};

/// What the user says beside the file, and what the catalogue knows.
struct ListHints {
  std::string party;   // --as: whose list this is; a list that says another party is refused
  std::string format;  // one of list_formats(); empty: recognise it
  /// Ids that the catalogue knows: a domain list whose file is called so is that party's.
  std::vector<std::string> known_parties;
};

inline constexpr std::size_t largest_list = std::size_t{64} << 20U;  // bytes
inline constexpr std::size_t most_list_rows = 1'000'000;
inline constexpr std::size_t most_complaints = 20;

/// The formats by name, in the order in which they are tried.
std::vector<std::string> list_formats();

/// Reads one file that is in memory. Errors: larger than the bounds above; JSON that breaks off
/// (with line and column); no known format; nothing in it, or nothing of it readable.
Result<ListFile> read_list(const std::string& path, std::string_view content, const ListHints&);

/// What read_lists() found in a folder or archive; `passed_over` says of each other file why not.
struct Lists {
  std::vector<ListFile> files;
  std::vector<std::string> passed_over;
};

/// Reads an archive that is in memory (tar, also with gzip, xz, bzip2 or zstd, or zip). Nothing is
/// ever written to disk. Errors: unreadable, more than 20,000 entries, unpacks to too much, or no
/// list in it.
Result<Lists> read_list_archive(const std::string& path, std::string_view bytes, const ListHints&);

/// Reads a file, an archive, or all files and archives below a folder (links are not followed,
/// names with a leading dot are left out), in the order of their paths.
Result<Lists> read_lists(const std::string& path, const ListHints&);

}  // namespace zonder::wire
