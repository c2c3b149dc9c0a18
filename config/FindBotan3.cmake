# Finds Botan 3.12 or later: the distribution's own, or the one that config/bootstrap.sh built into its cache folder, which
# is keyed by the module list beside this file. Makes the target Botan3::Botan3.
pkg_check_modules(CG_BOTAN_PKG IMPORTED_TARGET QUIET botan-3>=3.12)
if(CG_BOTAN_PKG_FOUND)
  add_library(Botan3::Botan3 ALIAS PkgConfig::CG_BOTAN_PKG)
  return()
endif()

if(DEFINED ENV{CASEGATE_CACHE})
  set(cg_cache "$ENV{CASEGATE_CACHE}")
elseif(DEFINED ENV{XDG_CACHE_HOME})
  set(cg_cache "$ENV{XDG_CACHE_HOME}/casegate")
else()
  set(cg_cache "$ENV{HOME}/.cache/casegate")
endif()
execute_process(
  COMMAND sh -c "sed -e 's/#.*//' -e '/^[[:space:]]*$/d' '${CMAKE_CURRENT_LIST_DIR}/botan.modules' | LC_ALL=C sort -u | paste -sd, - | tr -d '\\n' | sha256sum | cut -c1-12"
  OUTPUT_VARIABLE cg_botan_key OUTPUT_STRIP_TRAILING_WHITESPACE)
file(GLOB cg_botan_roots "${cg_cache}/botan-*-${cg_botan_key}")
if(NOT cg_botan_roots)
  message(FATAL_ERROR "Botan 3.12 or later was found neither through pkg-config nor in ${cg_cache}. Run config/bootstrap.sh.")
endif()
list(SORT cg_botan_roots COMPARE NATURAL ORDER DESCENDING)
list(GET cg_botan_roots 0 cg_botan_root)
add_library(Botan3::Botan3 STATIC IMPORTED)
set_target_properties(Botan3::Botan3 PROPERTIES
  IMPORTED_LOCATION "${cg_botan_root}/lib/libbotan-3.a"
  INTERFACE_INCLUDE_DIRECTORIES "${cg_botan_root}/include/botan-3"
  INTERFACE_LINK_LIBRARIES Threads::Threads)
message(STATUS "Botan: ${cg_botan_root}")
