package fyr.apiserver.kinds;

/** What can be posted to an object: the name in the path, and the group and kind of what is posted. */
public record Action(String name, String group, String kind) {}
