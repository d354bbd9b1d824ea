from awsaudit.resources.event_data_store import DETAILS, LIST, EventDataStore
from awsaudit.testing import call_faults, fake


ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/5e8f7a10"


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(EventDataStore))


def test_reads_an_event_data_store():
    """
    Its selectors, each a tuple of conditions; without any it takes nothing in.
    """
    listed = {"EventDataStoreArn": ARN, "Name": "lake"}
    selectors = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]
    told = {"Status": "ENABLED", "MultiRegionEnabled": True, "AdvancedEventSelectors": selectors}
    store = fake(EventDataStore, {LIST: listed, DETAILS: told})

    assert (ARN, "lake", "ENABLED", True) == (store.arn, store.name, store.status, store.multi_region)
    assert [("eventCategory", ("Data",))] == [(c.field, c.equals) for c in store.advanced_selectors[0]]
    assert () == fake(EventDataStore, {LIST: listed, DETAILS: {"Status": "ENABLED"}}).advanced_selectors
