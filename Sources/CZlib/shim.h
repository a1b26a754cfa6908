#pragma once
#include <iconv.h>
#include <zlib.h>
