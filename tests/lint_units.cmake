# Groups sources for clang-tidy: cmake -DSOURCES="a.cc;b.cc" -DMOST=12
# -P tests/lint_units.cmake, at the root of the sources. Prints a line for each
# unit, its sources with spaces between; one that must stand alone is such a unit.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../harness/units.cmake)

group_sources(${MOST} ${SOURCES})
foreach(unit IN LISTS units)
  list(JOIN unit_${unit} " " line)
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${line}")
endforeach()
foreach(source IN LISTS alone)
  execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${source}")
endforeach()
