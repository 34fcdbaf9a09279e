"""What can go wrong, one class per cause; every message has the thing, the value and what was expected."""


class GigboxError(Exception):
    """Base of all. `exit_code` is 2 where the caller asked for the impossible, 1 where the machine failed."""

    exit_code = 2


class ParamError(GigboxError):
    """A path that names no parameter, or a value outside its range."""


class SongError(GigboxError):
    """A folder, manifest or recording that cannot be mixed."""


class RequestError(GigboxError):
    """A desk request that is not understood."""


class SceneError(GigboxError):
    """A scene that is missing, broken or badly named."""


class ModelError(GigboxError):
    """A model that is missing, broken or of another shape."""


class TakeError(GigboxError):
    """A take that there is not, or is being recorded, or a name that none can have."""


class TasteError(GigboxError):
    """A liking that there is not, that nobody may have, or a file of them that is broken."""


class PeopleError(GigboxError):
    """A person, a code or a link that there is not, or not any longer, or words about somebody that cannot be."""


class FenceError(GigboxError):
    """A move that `auto` is never allowed to make."""


class RackError(GigboxError):
    """A rack file of another layout, or none where one is needed."""

    exit_code = 1


class DiskError(GigboxError):
    """What lies on the disk cannot be read; who is asked for it is there, and well."""

    exit_code = 1


class CardError(GigboxError):
    """A sound card that is not there, or not as it has to be."""

    exit_code = 1


class PanelError(GigboxError):
    """A panel that is described wrongly, or a part of it that is not there."""

    exit_code = 1


class MachineError(GigboxError):
    """The machine said no: a full disk, an occupied port, a missing program."""

    exit_code = 1
