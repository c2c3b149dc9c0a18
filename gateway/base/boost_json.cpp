// Boost.JSON's own code, compiled once here: the header-only form needs no further package.
#include <boost/json/src.hpp>
